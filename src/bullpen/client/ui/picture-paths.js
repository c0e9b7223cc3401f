// Where the API takes a user's picture, and what an answer says of it.

/** @param {string} userId */
export const pathOfPicture = (userId) => `/api/users/${encodeURIComponent(userId)}/picture`;

/** What is left out where there is none. @param {{ picture?: string }} user */
export const pictureOf = ({ picture }) => (picture === undefined ? {} : { picture });
