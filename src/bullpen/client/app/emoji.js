const emojiOnly = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}|\s){1,48}$/v;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const mostShownBig = 12;

/** Whether a message is a few emoji and nothing else: these are shown big. @param {string} text */
export function isBigEmoji(text) {
  if (text.trim() === '' || !emojiOnly.test(text)) return false;
  return [...graphemes.segment(text.replace(/\s/g, ''))].length <= mostShownBig;
}
