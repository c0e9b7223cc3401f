// What to know of each provider before one connects it.

/** @typedef {{ name: string, detail: string, keyPlace?: string, address?: string }} Words */

/** @type {Record<string, Words>} */
export const providerWords = {
  anthropic: {
    name: 'Anthropic',
    detail: 'Claude models, in the cloud.',
    keyPlace: 'console.anthropic.com, under API keys',
  },
  openai: {
    name: 'OpenAI',
    detail: 'GPT models, in the cloud.',
    keyPlace: 'platform.openai.com, under API keys',
  },
  google: { name: 'Google', detail: 'Gemini models, in the cloud.', keyPlace: 'aistudio.google.com' },
  ollama: {
    name: 'Ollama',
    detail: 'Models on your own machine. No key needed.',
    address: 'http://localhost:11434',
  },
  vllm: { name: 'vLLM', detail: 'A server of your own. No key needed.', address: 'http://localhost:8000' },
  compatible: {
    name: 'OpenAI-compatible server',
    detail: 'LM Studio, llama.cpp, OpenRouter and others. The key is optional.',
    address: 'http://localhost:1234/v1',
  },
};

/** @param {string} providerId */
export const wordsOf = (providerId) => providerWords[providerId] ?? { name: providerId, detail: '' };
