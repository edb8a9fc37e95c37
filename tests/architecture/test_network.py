import socket

import pytest

from tests.fixtures.network import ForeignAddress


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_tests_can_not_leave_this_machine(address: str) -> None:
    with pytest.raises(ForeignAddress, match="only talk to this machine"):
        socket.create_connection((address, 80))


def test_tests_can_talk_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
