// What to know of each provider before one connects it.
import { t } from '../core/language.js';

/** @typedef {{ name: string, detail: string, keyPlace?: string, address?: string }} Words */

/** @type {Record<string, Words>} */
export const providerWords = {
  anthropic: {
    name: 'Anthropic',
    detail: t('Claude models, in the cloud.'),
    keyPlace: t('console.anthropic.com, under API keys'),
  },
  openai: {
    name: 'OpenAI',
    detail: t('GPT models, in the cloud.'),
    keyPlace: t('platform.openai.com, under API keys'),
  },
  google: { name: 'Google', detail: t('Gemini models, in the cloud.'), keyPlace: 'aistudio.google.com' },
  ollama: {
    name: 'Ollama',
    detail: t('Models on your own machine. No key needed.'),
    address: 'http://localhost:11434',
  },
  vllm: { name: 'vLLM', detail: t('A server of your own. No key needed.'), address: 'http://localhost:8000' },
  compatible: {
    name: t('OpenAI-compatible server'),
    detail: t('LM Studio, llama.cpp, OpenRouter and others. The key is optional.'),
    address: 'http://localhost:1234/v1',
  },
};

/** @param {string} providerId */
export const wordsOf = (providerId) => providerWords[providerId] ?? { name: providerId, detail: '' };
