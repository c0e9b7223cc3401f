// Which models are ready, and what runs may cost.
import { get, queryOf, send } from '../core/http.js';

/** @import { Budget, BudgetChange, ModelCheck, Providers } from '../core/types.js' */

/** @returns {Promise<Providers>} */
export const getProviders = () => get('/api/providers');

/** @param {string} modelId @returns {Promise<ModelCheck>} */
export const checkModel = (modelId) => get(`/api/providers/check${queryOf({ modelId })}`);

/** @returns {Promise<Budget[]>} */
export const getBudgets = () => get('/api/budgets');

/** @param {BudgetChange} change @returns {Promise<Budget[]>} all of them */
export const setBudget = (change) => send('PUT', '/api/budgets', change);
