"""Which addresses may be connected to when somebody else names the host."""

import ipaddress
import socket

import pytest
from tests.support.fixtures import complete

from bullpen.kit.public_addresses import is_public, is_within
from bullpen.kit.web_pages import PageProblem, checked_address

PUBLIC = (
    "8.8.8.8", "1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1",
    "2606:4700:4700::1111", "2a00:1450:4001::1",
    # IPv4 in other forms.
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
)  # fmt: skip
OTHERS = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1",
    "100::1", "5f00::1", "3fff::1" if not ipaddress.ip_address("3fff::1").is_global else "::2",
    # IPv4 in other forms.
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::1",
    "2002:a00:1::", "2001:0:53aa:64c:0:fbff:f5ff:fffe",
)  # fmt: skip
# What the system's resolver understands as 127.0.0.1, and more.
WRITTEN = ("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "0")


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_internet_are_public(text):
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OTHERS)
def test_all_others_are_not(text):
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", WRITTEN)
def test_no_way_to_write_an_address_of_this_machine_is_let_through(host):
    with pytest.raises(PageProblem):
        complete(checked_address(host, 80, []))


def test_other_ports_are_only_for_networks_that_the_operator_allows():
    networks = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    assert complete(checked_address("127.0.0.1", 8080, networks)) == "127.0.0.1"
    with pytest.raises(PageProblem):
        complete(checked_address("8.8.8.8", 8080, networks))
    assert complete(checked_address("8.8.8.8", 443, networks)) == "8.8.8.8"
    assert is_within(ipaddress.ip_address("::ffff:127.0.0.1"), networks)


def test_a_host_with_one_private_address_among_others_is_refused(monkeypatch):
    def answers(*_: object, **__: object):
        return [(0, 0, 0, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(PageProblem):
        complete(checked_address("two.example", 80, []))
