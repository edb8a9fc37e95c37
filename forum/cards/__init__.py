"""Preview pictures of questions, as chats and social networks show them beside a link."""
