export * from './declaration.ts';
export * from './http-policy.ts';
