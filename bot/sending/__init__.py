"""Words on their way out: what the outbox holds is composed, paced and delivered."""
