"""`python -m crm …`: the one composition root."""

from crm.cli.main import main

if __name__ == "__main__":
    main()
