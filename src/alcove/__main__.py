"""`python -m alcove`."""

from alcove.cli.main import main

if __name__ == "__main__":
    main()
