"""Clients share what was read, and each environment has its own."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bullpen.kit.certificates import trusted


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_certificates_are_read_once():
    assert trusted() is trusted()
    assert trusted().verify_mode.name == "CERT_REQUIRED"
    assert trusted().check_hostname


def test_a_file_that_the_environment_names_takes_their_place(monkeypatch, tmp_path):
    of_system = trusted(by_environment=False)
    (one, *_) = of_system.get_ca_certs(binary_form=True)
    file = tmp_path / "trusted.pem"
    file.write_bytes(x509.load_der_x509_certificate(one).public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert trusted().get_ca_certs(binary_form=True) == [one]
    assert trusted(by_environment=False) is of_system


def test_a_file_that_is_missing_is_told_of_each_time(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    for _ in range(2):
        with pytest.raises(OSError, match="No such file"):
            trusted()
