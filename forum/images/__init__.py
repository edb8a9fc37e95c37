"""Images that people upload: made anew by us, kept under the hash of their content, shown in texts."""
