import tseslint from 'typescript-eslint';

export default tseslint.config(
	{
		ignores: [
			'dist/',
			'.tools/',
			'node_modules/',
			'test/fixtures/',
			'test/golden/',
			// AssemblyScript: its own compiler checks it.
			'nsys-parsers/table-pages/assembly/',
		],
	},
	...tseslint.configs.strictTypeChecked,
	...tseslint.configs.stylisticTypeChecked,
	{
		languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
		rules: {
			'no-console': 'error',
			'no-empty': ['error', {allowEmptyCatch: false}],
			'@typescript-eslint/no-unused-vars': ['error', {ignoreUsingDeclarations: true}],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
			// Over a typed array of millions, for-of takes several times as long.
			'@typescript-eslint/prefer-for-of': 'off',
			'@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
		},
	},
	{
		// Plain scripts and samples: they print, and they are outside the typed project.
		files: ['**/*.js', '**/*.mjs'],
		...tseslint.configs.disableTypeChecked,
	},
	{files: ['scripts/**', 'samples/**', 'bench/**'], rules: {'no-console': 'off'}},
);
