import { defineConfig } from 'drizzle-kit';

export const config = defineConfig({ dialect: 'postgresql', schema: './dist/schema/*.js', out: './migrations' });

export default config;
