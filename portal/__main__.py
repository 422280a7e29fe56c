"""`python -m portal` is the `renkei` command."""

from portal.cli import main

main(prog_name="renkei")
