"""Addresses under /<language>/accounts/, but for signing in: course has it, since it moves what a guest did."""

from django.urls import path

from accounts.addresses import require_button  # and the converters
from accounts.views import leaving, mail, recovery, second_step, sessions, settings, sign_up

app_name = "accounts"
urlpatterns = [
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-out/", require_button("home")(leaving.SignOutView.as_view()), name="sign_out"),
    path("leave/", leaving.leave, name="leave"),
    path("go-on/", leaving.go_on, name="go_on"),
    path("recover/", recovery.recover, name="recover"),
    path("way-in/<word:code>/", recovery.way_in, name="way_in"),
    path("settings/", settings.settings, name="settings"),
    path("mail/", mail.mail, name="mail"),
    path("mail/forget/", mail.forget, name="mail_forget"),
    path("mail/confirm/<pasted:token>/", mail.confirm, name="mail_confirm"),
    path("mail/stop/<pasted:token>/", mail.stop, name="mail_stop"),
    path("words/", recovery.new_words, name="new_words"),
    path("password/", settings.change_password, name="change_password"),
    path("two-step/", second_step.two_step, name="two_step"),
    path("two-step/confirm/", second_step.confirm, name="two_step_confirm"),
    path("two-step/codes/", second_step.backup_codes, name="backup_codes"),
    path("two-step/off/", second_step.turn_off, name="two_step_off"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.end_sessions, name="end_sessions"),
]
