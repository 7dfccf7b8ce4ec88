"""The grammar of a receiver's URL: what is taken, and every trick that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.webhooks.urls import MOST_CHARACTERS, ReceiverRefusedError, parse_url


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "authority"),
    [
        ("https://erp.example", "erp.example", 443, "/", "erp.example"),
        ("https://erp.example/", "erp.example", 443, "/", "erp.example"),
        ("https://erp.example:443/a", "erp.example", 443, "/a", "erp.example"),
        ("https://erp.example:8443/a/b?c=d&e", "erp.example", 8443, "/a/b?c=d&e", "erp.example:8443"),
        ("https://erp.example?c=d", "erp.example", 443, "/?c=d", "erp.example"),
        ("https://ERP.Example/In", "erp.example", 443, "/In", "erp.example"),
        ("http://erp.example:80/", "erp.example", 80, "/", "erp.example"),
        ("http://erp.example:443/", "erp.example", 443, "/", "erp.example:443"),
        ("https://erp.example:65535", "erp.example", 65535, "/", "erp.example:65535"),
        ("https://erp.example:1024", "erp.example", 1024, "/", "erp.example:1024"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/", "8.8.8.8"),
        ("https://[2606:4700::6810:84E5]/", "2606:4700::6810:84e5", 443, "/", "[2606:4700::6810:84e5]"),
        ("https://[2606:4700::1]:8443/", "2606:4700::1", 8443, "/", "[2606:4700::1]:8443"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"),
        ("https://比亚迪.中国/", "xn--jlq652e4xy.xn--fiqs8s", 443, "/", "xn--jlq652e4xy.xn--fiqs8s"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"),
        ("https://erp/%E9%83%91?q=%20", "erp", 443, "/%E9%83%91?q=%20", "erp"),
        ("https://erp.example/?u=https://a.b/", "erp.example", 443, "/?u=https://a.b/", "erp.example"),
        ("https://erp.example/@x", "erp.example", 443, "/@x", "erp.example"),
        ("https://3com.example/", "3com.example", 443, "/", "3com.example"),
    ],
)  # fmt: skip
def test_a_plain_url_is_read_part_by_part(url, host, port, target, authority):
    receiver = parse_url(url)
    assert (receiver.host, receiver.port, receiver.target) == (host, port, target)
    assert receiver.authority == authority


REFUSED = {
    "scheme": [
        *("ftp://erp.example/", "file:///etc/passwd", "gopher://erp.example/", "javascript:alert(1)"),
        *("HTTPS://erp.example/", "https:/erp.example", "//erp.example", "erp.example", "", "https://"),
        *("https:erp.example", "data:text/plain,x", "wss://erp.example", "https+unix://x", "httpss://x"),
    ],
    "user name": [
        *("https://user@erp.example/", "https://user:pass@erp.example/", "https://erp.example@127.0.0.1/"),
        *("https://@erp.example/", "https://erp.example:443@10.0.0.1/", "https://a@b@c/"),
    ],
    "invisible or ambiguous": [
        *("https://erp.example/\t", "https://erp.exa\nmple/", "https://erp.example/\r\nHost: x", " https://e.x/"),
        *("https://erp.example\\@10.0.0.1/", "https:\\\\erp.example", "https://erp.example/ x", "https://e\x00x/"),
        *("https://erp\u200b.example/", "https://erp.example/\u202e", "https://erp\u00ad.example/"),
    ],
    "fragment": ["https://erp.example/#", "https://erp.example/a#b", "https://erp.example#@10.0.0.1/"],
    "port": [
        *("https://erp.example:0/", "https://erp.example:65536/", "https://erp.example:-1/"),
        *("https://erp.example:/", "https://erp.example:22/", "https://erp.example:25/", "https://e.x:53/"),
        *("https://erp.example:1023/", "https://erp.example:0443/", "https://erp.example:44x/"),
        *("https://erp.example:４４３/", "https://erp.example:٤٤٣/", "https://erp.example:443:80/"),
        *("https://erp.example:000000443/", "https://erp.example:+443/", "https://erp.example:1e3/"),
    ],
    "unusual IPv4": [
        *("https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/", "https://0/"),
        *("https://0177.0.0.1/", "https://127.0.0.01/", "https://127.0.0.1./", "https://0x7f.0.0.1/"),
        *("https://127.0.0.0x1/", "https://1.2.3/", "https://1.2.3.4.5/", "https://256.1.1.1/"),
        *("https://017700000001/", "https://127.0.0.1.1/", "https://erp.1/", "https://a.0x/", "https://0X7F.1/"),
        *("https://１２７.０.０.１/", "https://127。0。0。1/", "https://127．0．0．1/", "https://①②⑦.0.0.1/"),
    ],
    "IPv6": [
        *("https://::1/", "https://[::1/", "https://::1]/", "https://[]/", "https://[fe80::1%25eth0]/"),
        *("https://[fe80::1%eth0]/", "https://[1.2.3.4]/", "https://[v1.x]/", "https://[::1]x/", "https://[[::1]]/"),
        *("https://[2606:4700:::1]/", "https://x[::1]/", "https://[12345::]/"),
    ],
    "name": [
        *("https://erp.example./", "https://.erp.example/", "https://erp..example/", "https://-erp.example/"),
        *("https://erp-.example/", "https://e_rp.example/", "https://erp!.example/", "https://*.example/"),
        *(f"https://{'a' * 64}.example/", f"https://{'a.' * 127}aa/", "https:///path", "https://:443/"),
        *("https://%65rp.example/", "https://127%2e0.0.1/", "https://erp.example%00.x/", "https://a,b/"),
        *("https://ｅｒｐ.example/", "https://erp。example/", "https://BÜCHER.example/", "https://xn--a/"),
        *("https://xn--bcher-.example/", "https://☃.example/", "https://\u0301a.example/", "https://ℬ.example/"),
        "https://ab--cd.exämple/",
    ],
    "path": [
        *("https://erp.example/郑州", "https://erp.example/%", "https://erp.example/%zz", 'https://e.x/"'),
        *("https://erp.example/<a>", "https://erp.example/{x}", "https://erp.example/a|b", "https://e.x/^"),
        *("https://erp.example/[x]", "https://e.x/`"),
    ],
    "length": ["https://erp.example/" + "a" * MOST_CHARACTERS],
}  # fmt: skip


@pytest.mark.parametrize("url", [url for urls in REFUSED.values() for url in urls])
def test_a_url_with_a_trick_is_refused(url):
    with pytest.raises(ReceiverRefusedError) as caught:
        parse_url(url)
    assert caught.value.reason


def test_a_url_of_the_greatest_length_is_taken_and_one_more_is_not():
    url = "https://erp.example/" + "a" * (MOST_CHARACTERS - len("https://erp.example/"))
    assert parse_url(url).host == "erp.example"
    with pytest.raises(ReceiverRefusedError, match="longer than"):
        parse_url(url + "a")


@given(
    text=st.text(max_size=80), lead=st.sampled_from(["", "https://", "http://", "https://[", "https://a."])
)
def test_any_text_is_read_or_refused(text, lead):
    try:
        receiver = parse_url(lead + text)
    except ReceiverRefusedError:
        return
    assert receiver.target.startswith("/")
    assert f"{receiver.authority}{receiver.target}".isascii()
    assert parse_url(f"{receiver.scheme}://{receiver.authority}{receiver.target}") == receiver
