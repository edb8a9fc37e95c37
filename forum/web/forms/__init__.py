"""What people send, checked by the rules of the domain it concerns, so that limits can't drift apart."""
