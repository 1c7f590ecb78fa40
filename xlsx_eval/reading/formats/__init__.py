"""One module a file format: bytes → workbook, each cell with its text as displayed."""
