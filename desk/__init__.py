"""The domain of a service desk: its data, its rules and its actions, independent of chat, web and network."""
