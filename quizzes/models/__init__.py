"""How what is taught is practised: banks, items, attempts, responses. Imports lessons."""

from quizzes.models.attempts import Attempt
from quizzes.models.items import Bank, Item, ItemVersion, Use
from quizzes.models.pictures import Picture
from quizzes.models.quizzes import Quiz, QuizRule
from quizzes.models.recalls import Recall, Remark, Report
from quizzes.models.responses import Response
from quizzes.models.uploads import Upload

__all__ = [
    "Attempt",
    "Bank",
    "Item",
    "ItemVersion",
    "Picture",
    "Quiz",
    "QuizRule",
    "Recall",
    "Remark",
    "Report",
    "Response",
    "Upload",
    "Use",
]
