"""`python -m alcove.cli`."""

from alcove.cli.main import main

main()
