// Whether a text shows anything: white space, marks without a letter, and signs that nothing is drawn of, do not.
const drawn =
  /[^\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{M}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** @param {string} text */
export function isVisible(text) {
  return drawn.test(text);
}
