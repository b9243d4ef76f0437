"""The conversation with applicants: the neutral engine, the flows, and the messengers they travel on."""
