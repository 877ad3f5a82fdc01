/** The file or one of its tables is not as plain as this reader wants it, or damaged: SQLite has to read it, or to refuse. */
export class PageRefusal extends Error {
	override name = 'PageRefusal';
}

export const refuse = (why: string): never => {
	throw new PageRefusal(why);
};
