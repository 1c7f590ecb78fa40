"""OOXML workbooks (.xlsx, .xlsm, also strict ones and those of WPS)."""

from xlsx_eval.reading.formats.ooxml.book import read
from xlsx_eval.reading.formats.ooxml.package import Package

__all__ = ["Package", "read"]
