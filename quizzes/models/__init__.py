"""How what is taught is practised: banks, items, attempts, responses. Imports lessons."""

from quizzes.models.attempts import Attempt, Response, Use
from quizzes.models.items import Bank, Item, ItemVersion
from quizzes.models.recalls import Recall, Remark, Report

__all__ = ["Attempt", "Bank", "Item", "ItemVersion", "Recall", "Remark", "Report", "Response", "Use"]
