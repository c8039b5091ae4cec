"""`python -m oncall` is the command line."""

from oncall.cli import main

main(prog_name="oncall")
