/**
 * Comportements des pages, posés par attributs et rejoués après chaque échange htmx.
 *
 *   <table data-tri>                     tableau triable (complet : jamais une seule page d'une liste)
 *     <th data-tri="nombre|texte|non">   nature de la colonne ; par défaut nombre si la classe est « nombre »
 *     <td data-valeur="1234.5">          valeur de tri, sinon le texte de la cellule
 *     <tr data-suite>                    ligne de détail, suit celle qui la précède
 *   <input data-filtre="#tableau">       filtre les lignes par mots, sans casse ni accents
 *   <output data-filtre-compte="#tableau">  « 12 sur 240 lignes »
 *   <button data-copier="#cible"> ou data-copier-texte="…"  copie dans le presse-papiers
 *   <i data-largeur="42">                largeur en % posée par CSSOM (la CSP refuse style="…")
 *   [data-progression]                   fragment de suivi : titre de l'onglet, puis data-suite à la fin
 *   <select|input data-envoi>            envoie son formulaire au changement
 *   <details data-imprimer>              ouvert à l'impression (ceux des graphiques le sont toujours)
 */

const collation = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });
const entier = new Intl.NumberFormat("fr-FR");
const titreInitial = document.title;

/** « 1 234,5 », « −3 », « +12 % » → nombre ; NaN si le texte n'en est pas un. */
export function lireNombre(texte) {
  const net = texte.replace(/[\s\u00a0\u202f%+€]/g, "").replace(/\u2212/g, "-").replace(",", ".");
  return net === "" ? NaN : Number(net);
}

/** Minuscules, sans accents, apostrophes et espaces ramenés à une forme. */
export function simplifier(texte) {
  return texte.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’']/g, "'").replace(/\s+/g, " ").toLowerCase().trim();
}

function chaque(racine, selecteur, agir) {
  if (racine.matches?.(selecteur)) agir(racine);
  racine.querySelectorAll(selecteur).forEach(agir);
}

/** Vrai une seule fois par élément et par comportement. */
const poses = new WeakMap();
function premiereFois(element, comportement) {
  const deja = poses.get(element) ?? new Set();
  if (deja.has(comportement)) return false;
  poses.set(element, deja.add(comportement));
  return true;
}

/* --- Tri --------------------------------------------------------------------------------------------- */

function natureColonne(entete) {
  return entete.dataset.tri || (entete.classList.contains("nombre") ? "nombre" : "texte");
}

function preparerTri(table) {
  if (!premiereFois(table, "tri")) return;
  const ligne = table.tHead?.rows[table.tHead.rows.length - 1];
  if (!ligne) return;
  for (const entete of ligne.cells) {
    if (natureColonne(entete) === "non" || entete.colSpan > 1 || entete.querySelector("a, button")) continue;
    const bouton = document.createElement("button");
    bouton.type = "button";
    bouton.className = "tri";
    bouton.title = "Trier par cette colonne";
    bouton.append(...entete.childNodes);
    entete.append(bouton);
    bouton.addEventListener("click", () => trier(table, entete));
  }
}

function trier(table, entete) {
  const nature = natureColonne(entete);
  const avant = entete.getAttribute("aria-sort");
  const premier = nature === "nombre" ? "descending" : "ascending";
  const sens = avant ? (avant === "ascending" ? "descending" : "ascending") : premier;
  for (const autre of entete.parentElement.cells) autre.removeAttribute("aria-sort");
  entete.setAttribute("aria-sort", sens);
  for (const corps of table.tBodies) trierCorps(corps, entete.cellIndex, nature, sens === "ascending" ? 1 : -1);
}

function trierCorps(corps, colonne, nature, signe) {
  const groupes = [];
  for (const ligne of corps.rows) {
    if (ligne.hasAttribute("data-suite") && groupes.length) groupes.at(-1).lignes.push(ligne);
    else groupes.push({ lignes: [ligne], cle: cleDeTri(ligne.cells[colonne], nature) });
  }
  // Les valeurs absentes (« — ») restent en bas dans les deux sens.
  groupes.sort((a, b) => {
    if (a.cle === null || b.cle === null) return (a.cle === null) - (b.cle === null);
    return signe * (nature === "nombre" ? a.cle - b.cle : collation.compare(a.cle, b.cle));
  });
  corps.append(...groupes.flatMap((groupe) => groupe.lignes));
}

function cleDeTri(cellule, nature) {
  const texte = (cellule?.dataset.valeur ?? cellule?.textContent ?? "").trim();
  if (nature !== "nombre") return texte === "" || texte === "—" ? null : texte;
  const nombre = lireNombre(texte);
  return Number.isNaN(nombre) ? null : nombre;
}

/* --- Filtre ------------------------------------------------------------------------------------------ */

function preparerFiltre(champ) {
  if (!premiereFois(champ, "filtre")) return;
  champ.addEventListener("input", () => filtrer(champ));
  champ.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Enter") evenement.preventDefault();
  });
  filtrer(champ);
}

function filtrer(champ) {
  const table = document.querySelector(champ.dataset.filtre);
  if (!table) return;
  const mots = simplifier(champ.value).split(" ").filter(Boolean);
  let total = 0;
  let visibles = 0;
  let garde = true;
  for (const corps of table.tBodies) {
    for (const ligne of corps.rows) {
      if (!ligne.hasAttribute("data-suite")) {
        const texte = simplifier(ligne.textContent);
        garde = mots.every((mot) => texte.includes(mot));
        total += 1;
        visibles += garde;
      }
      ligne.hidden = !garde;
    }
  }
  document.querySelectorAll(`[data-filtre-compte="${champ.dataset.filtre}"]`).forEach((sortie) => {
    sortie.textContent = mots.length
      ? `${entier.format(visibles)} sur ${entier.format(total)} ligne${total > 1 ? "s" : ""}`
      : `${entier.format(total)} ligne${total > 1 ? "s" : ""}`;
  });
}

/* --- Copie, envoi, largeur --------------------------------------------------------------------------- */

function preparerCopie(bouton) {
  if (!premiereFois(bouton, "copie")) return;
  bouton.addEventListener("click", async () => {
    const cible = bouton.dataset.copier && document.querySelector(bouton.dataset.copier);
    const texte = bouton.dataset.copierTexte ?? cible?.value ?? cible?.textContent.trim() ?? "";
    const libelle = (bouton.dataset.libelle ??= bouton.textContent);
    const faite = await copier(texte);
    bouton.textContent = faite ? "Copié" : "Copie refusée par le navigateur";
    bouton.classList.toggle("copie-faite", faite);
    setTimeout(() => {
      bouton.textContent = libelle;
      bouton.classList.remove("copie-faite");
    }, 2000);
  });
}

async function copier(texte) {
  try {
    await navigator.clipboard.writeText(texte);
    return true;
  } catch {
    // Hors HTTPS le presse-papiers moderne n'existe pas.
    const zone = document.createElement("textarea");
    zone.value = texte;
    zone.className = "invisible";
    document.body.append(zone);
    zone.select();
    const faite = document.execCommand("copy");
    zone.remove();
    return faite;
  }
}

function preparerEnvoi(champ) {
  if (premiereFois(champ, "envoi")) champ.addEventListener("change", () => champ.form?.requestSubmit());
}

/** Une zone plus large que l'écran se parcourt aussi au clavier, et s'annonce. */
function rendreDefilable(zone) {
  if (zone.scrollWidth <= zone.clientWidth && zone.scrollHeight <= zone.clientHeight) return;
  zone.tabIndex = 0;
  zone.setAttribute("role", "region");
  const titre = zone.closest("section, details")?.querySelector("h2, h3, summary") ?? document.querySelector("h1");
  if (!zone.hasAttribute("aria-label")) zone.setAttribute("aria-label", `Tableau défilant : ${titre?.textContent.trim() ?? ""}`);
}

function poserLargeur(element) {
  element.style.width = `${Math.min(100, Math.max(0, Number(element.dataset.largeur) || 0))}%`;
}

/* --- Suivi d'un travail ------------------------------------------------------------------------------ */

function suivre(fragment) {
  const vivant = ["en_file", "en_cours"].includes(fragment.dataset.etat);
  document.title = vivant ? `${fragment.dataset.progression} % · ${titreInitial}` : titreInitial;
  if (!vivant && fragment.dataset.suite) window.location.assign(fragment.dataset.suite);
}

/* --- Mise en route ----------------------------------------------------------------------------------- */

export function preparer(racine) {
  chaque(racine, "table[data-tri]", preparerTri);
  chaque(racine, "[data-filtre]", preparerFiltre);
  chaque(racine, "[data-copier], [data-copier-texte]", preparerCopie);
  chaque(racine, "[data-envoi]", preparerEnvoi);
  chaque(racine, "[data-largeur]", poserLargeur);
  chaque(racine, ".tableau-defilant", rendreDefilable);
  chaque(racine, "[data-progression]", suivre);
  // Un tableau remplacé par htmx retrouve le filtre déjà saisi.
  chaque(racine, "table[id]", (table) => document.querySelectorAll(`[data-filtre="#${table.id}"]`).forEach(filtrer));
}

document.addEventListener("htmx:load", (evenement) => preparer(evenement.detail.elt));
window.addEventListener("beforeprint", () => {
  document.querySelectorAll(".graphique details, details[data-imprimer]").forEach((detail) => (detail.open = true));
});
preparer(document);
