// The page at /api/docs: Swagger UI, which is no module and puts its function on the window.
const { SwaggerUIBundle } = /** @type {any} */ (window);

SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
