"""The one stylesheet that the page waits for."""

from bullpen.api import client


def test_it_is_made_of_every_file_the_one_that_orders_the_layers_first():
    styles = client.load().files["styles/all.css"].content
    names = sorted(path.name for path in (client.FOLDER / "styles").iterdir())
    assert len(names) > 10
    for name in names:
        assert (client.FOLDER / "styles" / name).read_bytes() in styles
    assert styles.startswith(b"@layer base, components, utilities;")
