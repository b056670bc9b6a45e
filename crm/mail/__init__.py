"""The parts of the mail importer: cutting a mailbox, reading headers, whose a mail is, what it answers, what it says."""
