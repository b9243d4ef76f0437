"""The chat with applicants: the engine, the flows, and the adapters for messengers."""
