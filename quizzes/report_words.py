"""What the report on a file of questions says, in words: what is lost, why a question or a file is refused."""

from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quizzes.formats.base import Loss, Note, Refusal, Whole

LOSSES = {
    Loss.FORMATTING: _("Emphasis and the like (%(detail)s) are left out: texts of items are plain."),
    Loss.TABLE: _("Its table becomes lines."),
    Loss.MATHS: _("Its formulas stay as they were typed."),
    Loss.MEDIA: _("Sound, films, files and scripts are left out: %(detail)s."),
    Loss.PICTURE_AWAY: _("Its picture lies on another site and is left out: %(detail)s."),
    Loss.PICTURE_MISSING: _("Its picture did not come with the file: %(detail)s."),
    Loss.PICTURE_BAD: _("Its picture cannot be read: %(detail)s. Save it as PNG or JPEG."),
    Loss.PICTURE_LARGE: _("Its picture has more than 25 million pixels: %(detail)s. Make a smaller copy."),
    Loss.PICTURES_MANY: _(
        "Its picture is left out: %(detail)s. A file has 300 different ones at most, of 500 million pixels in all. "
        "Split the file."
    ),
    Loss.PICTURE_SILENT: _("Its picture has no words for those who cannot see it: %(detail)s."),
    Loss.PARTIAL: _("What is half right (%(detail)s) is wrong here."),
    Loss.WEIGHTS: _("Its weights (%(detail)s) are dropped: here a wrong tick costs one right one."),
    Loss.ONE_KEY: _("Several could be ticked and one is right: here one is chosen."),
    Loss.STAYS: _("Its options keep their order, since one speaks of the others."),
    Loss.CASE: _("Capital letters do not count here."),
    Loss.WILDCARD: _("A form with a star cannot be accepted: %(detail)s. Write out the forms."),
    Loss.LONG_FORM: _("This form is too long for a short answer: %(detail)s"),
    Loss.REASONS: _("The reasons for %(detail)s of its answers have no place here."),
    Loss.OTHER_NUMBERS: _("Other right numbers are dropped: %(detail)s. One number with a tolerance is right here."),
    Loss.UNITS: _("Other units are dropped: %(detail)s."),
    Loss.GRADING: _("It is marked in another way there (%(detail)s). Here all items count the same."),
    Loss.HINTS: _("Its hints are left out: there is one try here."),
    Loss.PENALTY: _("The penalty of %(detail)s for another try is left out: there is one try here."),
    Loss.GAPS: _("This is gap %(detail)s of a text: each gap becomes a question of its own."),
    Loss.COMBINED: _("What is said to all right or all wrong answers is left out."),
    Loss.GROUPED: _("Some pairs share a partner: it becomes statements to classify."),
    Loss.SOME_SHOWN: _("Only some of the entries were asked; here all are."),
    Loss.LANGUAGES: _("Its texts in other languages than the bank's are left out: %(detail)s."),
    Loss.MODULE: _("What it names is not in the module of this bank, and is left out: %(detail)s."),
    Loss.RUN_ON: _("No blank line parts it from the question beside it: look whether both are whole."),
    Loss.COMMA: _("A comma begins its decimals here: %(detail)s. Leave it out where it parts thousands."),
    Loss.PICTURES: _("Its pictures are left out: %(detail)s."),
}
REFUSALS = {
    Refusal.UNKNOWN_TYPE: _("No kind of ours is like “%(detail)s”. Write it anew as a choice, a match or an order."),
    Refusal.ESSAY: _("Nobody here marks free text. Ask for a choice or a short answer."),
    Refusal.NO_QUESTION: _("This is a text without a question. Give it answers, or take it out."),
    Refusal.NO_STEM: _("There are answers and no question. Write the question before them."),
    Refusal.TOO_LONG: _("A text of it is longer than 20,000 characters. Shorten it: “%(detail)s …”"),
    Refusal.NO_KEY: _("No answer is right. Mark the one that is."),
    Refusal.NO_FULL: _("The best answer is worth %(detail)s. Give the right one 100 %%."),
    Refusal.TWO_KEYS: _("Several answers are right, and one can be chosen. Let several be chosen, or leave one right."),
    Refusal.ALL_KEYS: _("Every option is right. Add one that is not."),
    Refusal.WEIGHTS: _("The weights of the right options add up to %(detail)s. Let them add up to 100 %%."),
    Refusal.FEW: _("There are too few answers. It needs %(detail)s at least."),
    Refusal.MANY: _("There are too many answers. Leave %(detail)s at most."),
    Refusal.SAME: _("Two of these read the same: “%(detail)s”. Change or drop one."),
    Refusal.NOT_A_NUMBER: _("“%(detail)s” is no number, or has over 20 signs. Write it in digits."),
    Refusal.NO_FORM: _("No form can be accepted. Write one without stars, of 80 characters at most."),
    Refusal.NO_ARROW: _("A pair is written “text -> partner”; here an arrow is missing: “%(detail)s”."),
    Refusal.BRACES: _("A brace is missing, or one too many. Write \\{ and \\} where they are letters."),
    Refusal.NO_GAPS: _("This text has no gap. Write one, such as {1:SHORTANSWER:=word}."),
    Refusal.TWICE: _("The same question stands on line %(detail)s already."),
    Refusal.NO_ANSWER_LINE: _("The line “ANSWER: A” is missing below its options."),
    Refusal.ANSWER_LINE: _("The key names “%(detail)s”, and no option has that letter."),
    Refusal.CELLS: _(
        "This row has more cells than headings, from “%(detail)s” on. Put quotation marks around a text with a comma."
    ),
    Refusal.UNKNOWN_KIND: _(
        "“%(detail)s” is no kind of question. Write single, multiple, match, order, number or short."
    ),
    Refusal.LANGUAGE: _("It is in another language than the bank (%(detail)s). Add that language to the bank first."),
}
WHOLES = {
    Whole.EMPTY: _("There is no question in this file."),
    Whole.TOO_LARGE: _("This file is larger than %(detail)s MB. Split it."),
    Whole.TOO_MANY: _("There are more than %(detail)s questions. Split the file."),
    Whole.UNKNOWN: _("This file is no bank that we can read. Export it as Moodle XML, GIFT, Aiken or CSV."),
    Whole.DECLARES: _("This file declares a document type or entities, which could do harm. Export it anew."),
    Whole.NOT_XML: _("This file is broken: %(detail)s. Export it anew, or mend it there."),
    Whole.NOT_MOODLE: _("This is XML, but not Moodle's: it begins with “%(detail)s” and not with “quiz”."),
    Whole.TOO_DEEP: _("The parts of this file stand too deep in each other. Export it anew."),
    Whole.NO_BANK: _("There is no bank in this ZIP. Put one file of questions into it, and its pictures beside it."),
    Whole.TWO_BANKS: _("There are several banks in this ZIP: %(detail)s. Put one into each."),
    Whole.BAD_ZIP: _("This ZIP cannot be unpacked. Pack it anew, without a password."),
    Whole.TOO_MANY_PARTS: _("There are more than %(detail)s files in this ZIP. Split it."),
    Whole.NO_COLUMN: _("No column is called “question”. The first row has the headings; here they are: %(detail)s"),
    Whole.QUOTE: _("A quotation mark begins a text here and none ends it. Add it, or save the table anew as CSV."),
    Whole.NOT_TABLE: _("This table is broken: %(detail)s. Save it anew from your spreadsheet as CSV."),
    Whole.CHANGED: _("This file is read otherwise by now than when its report was made. Bring it again."),
    Whole.ENTITIES: _("%(detail)s signs were written as in HTML and not as in XML; they were put right."),
    Whole.ENCODING: _("The file is not in UTF-8 and was read as %(detail)s. Look whether accents are right."),
    Whole.STRAY: _(
        "Some signs, the first on line %(detail)s, are not in UTF-8 as the rest. Look whether they are right."
    ),
}
WORDS = dict[StrEnum, object]([*LOSSES.items(), *REFUSALS.items(), *WHOLES.items()])


def said(note: Note) -> str:
    """Return a note as a sentence."""
    return str(WORDS[note.what]) % {"detail": note.detail}


def where(note: Note) -> str:
    """Return where a note is of: “line 3, column 5”; "" for a whole file."""
    if not note.line:
        return ""
    if not note.column:
        return gettext("line %(line)s") % {"line": note.line}
    return gettext("line %(line)s, column %(column)s") % {"line": note.line, "column": note.column}
