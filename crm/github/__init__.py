"""What GitHub's documents say, whatever they come packed in: REST answers, backups of them, GH Archive hours, webhooks."""
