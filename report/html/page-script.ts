/**
 * What a page can do beyond being read: tables are sorted by a column, branches of a tree folded. In a tree, ranges change
 * places among those of the same parent only. Without it all is there, in the order of the file.
 */
export const pageScript = `
'use strict';
(() => {
	const depthOf = (row) => Number(row.dataset.depth ?? 0);
	const keyOf = (row, place) => {
		const cell = row.cells[place];
		if (cell === undefined) return null;
		if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
		const text = cell.textContent.trim();
		return text === '' ? null : text;
	};
	const compare = (a, b) =>
		a === null || b === null ? (a === b ? 0 : a === null ? 1 : -1)
		: typeof a === 'number' && typeof b === 'number' ? b - a
		: String(b).localeCompare(String(a), 'en', {numeric: true});
	// Rows that follow with a greater depth belong to the row before them.
	const listTrees = (rows) => {
		const top = [];
		const open = [];
		for (const row of rows) {
			const tree = {row, below: []};
			while (open.length > 0 && depthOf(open.at(-1).row) >= depthOf(row)) open.pop();
			(open.length === 0 ? top : open.at(-1).below).push(tree);
			open.push(tree);
		}
		return top;
	};
	const flatten = (trees) => trees.flatMap(({row, below}) => [row, ...flatten(below)]);
	const sortTrees = (trees, place, sign) =>
		trees
			.map(({row, below}) => ({row, below: sortTrees(below, place, sign)}))
			.sort((a, b) => {
				const [x, y] = [keyOf(a.row, place), keyOf(b.row, place)];
				return (x === null || y === null ? 1 : sign) * compare(x, y);
			});
	const makeSortable = (table) => {
		const body = table.tBodies[0];
		const given = [...body.rows];
		for (const head of table.tHead.rows[0].cells) {
			const button = document.createElement('button');
			button.type = 'button';
			button.append(...head.childNodes);
			head.append(button);
			button.addEventListener('click', () => {
				const orders = head.classList.contains('n') ? ['descending', 'ascending'] : ['ascending', 'descending'];
				const next = orders[orders.indexOf(head.getAttribute('aria-sort')) + 1] ?? null;
				for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
				if (next !== null) head.setAttribute('aria-sort', next);
				const rows = next === null ? given
					: flatten(sortTrees(listTrees(given), head.cellIndex, next === 'descending' ? 1 : -1));
				body.append(...rows);
			});
		}
	};
	const showBelow = ({row, below}) => {
		const open = !row.hidden && row.querySelector('.fold')?.getAttribute('aria-expanded') !== 'false';
		for (const tree of below) {
			tree.row.hidden = !open;
			showBelow(tree);
		}
	};
	const makeFoldable = (table) => {
		const trees = listTrees([...table.tBodies[0].rows]);
		const visit = (tree) => {
			if (tree.below.length === 0) return;
			const button = document.createElement('button');
			button.type = 'button';
			button.className = 'fold';
			button.setAttribute('aria-expanded', 'true');
			button.setAttribute('aria-label', 'ranges inside ' + tree.row.cells[0].textContent.trim());
			button.addEventListener('click', () => {
				button.setAttribute('aria-expanded', String(button.getAttribute('aria-expanded') === 'false'));
				showBelow(tree);
			});
			tree.row.cells[0].prepend(button);
			tree.below.forEach(visit);
		};
		trees.forEach(visit);
		if (table.querySelector('.fold') !== null) table.classList.add('foldable');
	};
	document.querySelectorAll('table.sortable').forEach(makeSortable);
	document.querySelectorAll('table.tree').forEach(makeFoldable);
})();
`.trim();
