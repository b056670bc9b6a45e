"""What GitHub's documents say, whatever they come packed in: REST answers, backups, archives, webhooks."""
