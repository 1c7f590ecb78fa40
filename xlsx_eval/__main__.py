"""`python -m xlsx_eval` is `xlsx-eval`."""

from xlsx_eval.cli import main

if __name__ == "__main__":
    main()
