"""A submitted workbook and its findings → a marked copy; and what people typed into one."""

from xlsx_eval.annotation.marking import annotate
from xlsx_eval.annotation.replies import answers_in, read_replies
from xlsx_eval.annotation.review import Answer, Mark, Review
from xlsx_eval.annotation.stripping import strip

__all__ = ["Answer", "Mark", "Review", "annotate", "answers_in", "read_replies", "strip"]
