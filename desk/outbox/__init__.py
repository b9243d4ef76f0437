"""The outbox: messages that must arrive, written in the transaction of what they tell and delivered afterwards."""
