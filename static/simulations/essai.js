/**
 * La page d'essai : des curseurs à côté des champs, revenir en arrière, deux essais épinglés côte à côte.
 * Le calcul est au serveur (htmx envoie le formulaire) ; sans JavaScript, le bouton « Calculer » suffit.
 *
 *   <form data-essai>                      le formulaire
 *     <input data-curseur="min max pas">   le champ qui reçoit un curseur
 */

const EPINGLES_MAX = 2;
const formulaire = document.querySelector("form[data-essai]");

function poserCurseur(champ) {
  const [minimum, maximum, pas] = champ.dataset.curseur.split(" ");
  const curseur = document.createElement("input");
  Object.assign(curseur, { type: "range", min: minimum, max: maximum, step: pas });
  const libelle = champ.labels?.[0]?.textContent.trim() || champ.getAttribute("aria-label") || champ.name;
  curseur.setAttribute("aria-label", `Curseur : ${libelle}`);
  const suivre = () => {
    curseur.value = (champ.value || champ.placeholder || "0").replace(/\s/g, "").replace(",", ".").replace("−", "-");
  };
  curseur.addEventListener("input", () => {
    champ.value = curseur.value.replace(".", ",");
  });
  champ.addEventListener("input", suivre);
  suivre();
  champ.after(curseur);
  return suivre;
}

function valeurs() {
  return [...formulaire.elements].filter((e) => e.name && e.type !== "hidden" && e.type !== "submit").map((e) => [e, e.value]);
}

function preparer() {
  const curseurs = [...formulaire.querySelectorAll("[data-curseur]")].map(poserCurseur);
  const annuler = formulaire.querySelector("[data-essai-annuler]");
  const passes = [];
  let present = valeurs();
  formulaire.addEventListener("change", () => {
    passes.push(present);
    present = valeurs();
    annuler.hidden = false;
  });
  annuler.addEventListener("click", () => {
    const avant = passes.pop();
    if (!avant) return;
    avant.forEach(([champ, valeur]) => (champ.value = valeur));
    present = avant;
    curseurs.forEach((suivre) => suivre());
    annuler.hidden = passes.length === 0;
    // « input » relance le calcul sans rien ajouter au passé.
    avant[0][0].dispatchEvent(new Event("input", { bubbles: true }));
  });
  preparerEpingles();
}

function preparerEpingles() {
  const bouton = formulaire.querySelector("[data-essai-epingler]");
  const cadre = formulaire.querySelector("[data-essai-epingles]");
  const liste = formulaire.querySelector("[data-essai-liste]");
  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    const resume = formulaire.querySelector("#resultat [data-essai-resume]");
    if (!resume) return;
    const copie = document.createElement("article");
    copie.append(...resume.cloneNode(true).childNodes);
    const titre = copie.querySelector("h2");
    const nouveau = document.createElement("h3");
    nouveau.textContent = `Essai de ${new Date().toLocaleTimeString("fr-FR")}`;
    titre.replaceWith(nouveau);
    const retirer = document.createElement("button");
    Object.assign(retirer, { type: "button", textContent: "Retirer", className: "outline" });
    retirer.addEventListener("click", () => {
      copie.remove();
      cadre.hidden = liste.children.length === 0;
    });
    copie.append(retirer);
    liste.append(copie);
    while (liste.children.length > EPINGLES_MAX) liste.firstElementChild.remove();
    cadre.hidden = false;
  });
}

if (formulaire) preparer();
