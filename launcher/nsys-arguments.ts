import {parseCommandString} from 'execa';

/** The user's `--nsys-args "..."` as words. Blanks separate; a backslash keeps a blank inside a word. */
export const splitNsysArguments = (text: string): readonly string[] => parseCommandString(text);
