/** Traces by the names of their files. */

export const isReport = (file: string): boolean => /\.(nsys-rep|qdrep)$/.test(file);
export const isExport = (file: string): boolean => /\.sqlite3?$/.test(file);
