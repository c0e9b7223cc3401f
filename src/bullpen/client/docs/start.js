// The page at /api/docs: Swagger UI, which is no module and puts its function on the window.
const { SwaggerUIBundle } = /** @type {any} */ (window);

// Swagger UI has dark colors, and leaves it to the page to ask for them.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
