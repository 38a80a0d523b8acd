"""Addresses under /<language>/accounts/, but for signing in: course has it, since it moves what a guest did."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.addresses import require_button
from accounts.views import recovery, sessions, settings, sign_up

app_name = "accounts"
urlpatterns = [
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-out/", login_not_required(require_button("home")(LogoutView.as_view())), name="sign_out"),
    path("recover/", recovery.recover, name="recover"),
    path("settings/", settings.settings, name="settings"),
    path("words/", recovery.new_words, name="new_words"),
    path("password/", settings.change_password, name="change_password"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.end_sessions, name="end_sessions"),
]
