// Kinds of channels, as members/kinds.py has them.

/** Whether a conversation goes by its members' names and keeps those members: a direct message of two, or of a group. @param {{ kind: string }} channel */
export const isDirect = ({ kind }) => kind === 'dm' || kind === 'group_dm';
