import { notes } from './streams/notes.ts';

export const streams = [notes];
