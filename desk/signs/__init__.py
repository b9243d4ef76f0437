"""Signs that appointments are collected in a chat, which people look at: nothing follows from a sign by itself."""
