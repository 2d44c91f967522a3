export const SCOPES = ['read', 'submit', 'worker', 'admin'] as const;
