// What each tool is drawn as, in traces and in "Why?".

/** @type {Record<string, string>} */
const icons = {
  send_message: 'send-horizontal',
  react_to_message: 'face-slightly-smiling',
  do_nothing: 'circle-dashed',
  update_memory: 'notebook-text',
  store_memory: 'archive',
  search_memory: 'library',
  search_messages: 'search',
  read_file: 'file',
  schedule_message: 'calendar-clock',
};

/** @param {string | null} toolName one that is not known is drawn as a tool */
export const iconOfTool = (toolName) => icons[toolName ?? ''] ?? 'wrench';
