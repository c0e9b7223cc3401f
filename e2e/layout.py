"""What stands outside the window: a script that lists such elements."""

STICKS_OUT = """
() => [...document.querySelectorAll('#main *, .thread *, .drawer:not([inert]) *')].filter((it) => {
    const { left, right, width } = it.getBoundingClientRect();
    const clipped = it.closest('pre, .attachments__preview > *, .message-text__table, '
        + '.visually-hidden, .header__topic');
    return width > 0 && !clipped && (right > innerWidth + 1 || left < -1)
        && getComputedStyle(it).visibility === 'visible';
}).map((it) => it.outerHTML.slice(0, 100))
"""
