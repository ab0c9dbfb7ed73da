"""The names and descriptions of commands in other languages; what is missing stays English."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands

_LOCALES: Mapping[discord.Locale, str] = {
    discord.Locale.german: "de",
    discord.Locale.french: "fr",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
_NAMES = app_commands.TranslationContextLocation

NAMES: Mapping[str, Mapping[str, str]] = {
    "de": {
        "now": "jetzt", "ask": "fragen", "story": "thema", "follow": "folgen", "mute": "stumm",
        "unmute": "laut", "catchup": "aufholen", "subscribe": "abonnieren", "list": "liste",
        "pause": "pause", "resume": "weiter", "unsubscribe": "abbestellen", "sources": "quellen",
        "replies": "antworten", "mentions": "erwähnungen", "questions": "fragen", "all": "alles", "forget": "vergessen", "start": "start", "help": "hilfe", "question": "frage", "url": "adresse", "fresh": "neu",
        "since": "seit", "times": "zeiten", "briefing": "briefing", "action": "aktion", "feed": "feed",
        "what": "was", "everybody": "alle", "Summarise link": "Link zusammenfassen",
        "add": "hinzufügen", "remove": "entfernen", "health": "zustand",
        "this channel": "dieser Kanal", "this server": "dieser Server",
    },
    "fr": {
        "now": "maintenant", "ask": "demander", "link": "lien", "story": "sujet", "follow": "suivre",
        "mute": "masquer", "unmute": "afficher", "catchup": "rattraper", "subscribe": "abonner",
        "list": "liste", "pause": "pause", "resume": "reprendre", "unsubscribe": "désabonner",
        "sources": "sources", "status": "état", "replies": "réponses", "mentions": "mentions", "questions": "questions", "all": "tout", "forget": "oublier", "start": "commencer", "help": "aide",
        "question": "question", "url": "adresse", "fresh": "relire", "since": "depuis",
        "times": "horaires", "briefing": "briefing", "action": "action", "feed": "flux", "what": "quoi",
        "everybody": "tous", "Summarise link": "Résumer le lien", "add": "ajouter",
        "remove": "retirer", "health": "santé", "this channel": "ce salon", "this server": "ce serveur",
    },
    "es": {
        "now": "ahora", "ask": "preguntar", "link": "enlace", "story": "tema", "follow": "seguir",
        "mute": "silenciar", "unmute": "mostrar", "catchup": "ponerse-al-día", "subscribe": "suscribir",
        "list": "lista", "pause": "pausar", "resume": "reanudar", "unsubscribe": "cancelar",
        "sources": "fuentes", "status": "estado", "replies": "respuestas", "mentions": "menciones", "questions": "preguntas", "all": "todo", "forget": "olvidar", "start": "empezar", "help": "ayuda",
        "question": "pregunta", "url": "dirección", "fresh": "releer", "since": "desde",
        "times": "horas", "briefing": "briefing", "action": "acción", "feed": "fuente", "what": "qué",
        "everybody": "todos", "Summarise link": "Resumir enlace", "add": "añadir", "remove": "quitar",
        "health": "estado", "this channel": "este canal", "this server": "este servidor",
    },
}  # fmt: skip

DESCRIPTIONS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "News briefings, answers and sources of this channel": "Nachrichten-Briefings, Antworten und Quellen dieses Kanals",
        "A briefing now, only for you": "Ein aktuelles Briefing, nur für dich",
        "Ask the archive; the answer cites its sources": "Das Archiv fragen; die Antwort nennt ihre Quellen",
        "Summarise a page and compare it with the archive": "Eine Seite zusammenfassen und mit dem Archiv vergleichen",
        "A story: status, timeline, who says what": "Ein Thema: Stand, Verlauf, wer was sagt",
        "Keep a story in this channel's briefings": "Ein Thema in den Briefings dieses Kanals behalten",
        "Leave a story out until its status changes": "Ein Thema auslassen, bis sich sein Stand ändert",
        "Stop following or muting a story": "Einem Thema nicht mehr folgen oder es nicht mehr auslassen",
        "What changed since you last looked, or since a time": "Was sich geändert hat, seit du zuletzt da warst",
        "Set up scheduled briefings for a channel (admins)": "Geplante Briefings für einen Kanal einrichten (Admins)",
        "This channel's briefings and their next times": "Die Briefings dieses Kanals und ihre nächsten Termine",
        "Pause a briefing (admins)": "Ein Briefing pausieren (Admins)",
        "Resume a briefing (admins)": "Ein Briefing fortsetzen (Admins)",
        "End a briefing (admins)": "Ein Briefing beenden (Admins)",
        "The feeds of this channel; admins add and remove them": "Die Feeds dieses Kanals; Admins ändern sie",
        "Problems here and how to solve them": "Probleme hier und wie man sie löst",
        "Delete your questions; admins: the data of this channel or server": "Eigene Fragen löschen; Admins: die Daten von Kanal oder Server",
        "Where things stand here and what to do next": "Wie es hier steht und was als Nächstes zu tun ist",
        "Which words in its threads the bot answers here": "Welche Wörter in seinen Threads der Bot hier beantwortet",
        "What I can do, with examples": "Was ich kann, mit Beispielen",
    },
    "fr": {
        "News briefings, answers and sources of this channel": "Briefings, réponses et sources de ce salon",
        "A briefing now, only for you": "Un briefing immédiat, pour vous seul",
        "Ask the archive; the answer cites its sources": "Interroger les archives ; la réponse cite ses sources",
        "Summarise a page and compare it with the archive": "Résumer une page et la comparer aux archives",
        "A story: status, timeline, who says what": "Un sujet : état, chronologie, qui dit quoi",
        "Keep a story in this channel's briefings": "Garder un sujet dans les briefings de ce salon",
        "Leave a story out until its status changes": "Laisser un sujet de côté jusqu'à ce que son état change",
        "Stop following or muting a story": "Ne plus suivre ni masquer un sujet",
        "What changed since you last looked, or since a time": "Ce qui a changé depuis votre dernier passage",
        "Set up scheduled briefings for a channel (admins)": "Programmer des briefings pour un salon (admins)",
        "This channel's briefings and their next times": "Les briefings de ce salon et leurs prochaines dates",
        "Pause a briefing (admins)": "Suspendre un briefing (admins)",
        "Resume a briefing (admins)": "Reprendre un briefing (admins)",
        "End a briefing (admins)": "Mettre fin à un briefing (admins)",
        "The feeds of this channel; admins add and remove them": "Les flux lus pour ce salon ; les admins les changent",
        "Problems here and how to solve them": "Les problèmes ici et comment les résoudre",
        "Delete your questions; admins: the data of this channel or server": "Effacer vos questions ; admins : les données du salon ou du serveur",
        "Where things stand here and what to do next": "Où en est ce salon et que faire ensuite",
        "Which words in its threads the bot answers here": "Les mots de ses fils auxquels le bot répond ici",
        "What I can do, with examples": "Ce que je sais faire, avec des exemples",
    },
    "es": {
        "News briefings, answers and sources of this channel": "Resúmenes, respuestas y fuentes de este canal",
        "A briefing now, only for you": "Un resumen ahora, solo para ti",
        "Ask the archive; the answer cites its sources": "Preguntar al archivo; la respuesta cita sus fuentes",
        "Summarise a page and compare it with the archive": "Resumir una página y compararla con el archivo",
        "A story: status, timeline, who says what": "Un tema: estado, cronología, quién dice qué",
        "Keep a story in this channel's briefings": "Mantener un tema en los resúmenes de este canal",
        "Leave a story out until its status changes": "Dejar fuera un tema hasta que cambie su estado",
        "Stop following or muting a story": "Dejar de seguir o de silenciar un tema",
        "What changed since you last looked, or since a time": "Qué cambió desde tu última visita",
        "Set up scheduled briefings for a channel (admins)": "Programar resúmenes para un canal (admins)",
        "This channel's briefings and their next times": "Los resúmenes de este canal y sus próximas fechas",
        "Pause a briefing (admins)": "Pausar un resumen (admins)",
        "Resume a briefing (admins)": "Reanudar un resumen (admins)",
        "End a briefing (admins)": "Terminar un resumen (admins)",
        "The feeds of this channel; admins add and remove them": "Las fuentes de este canal; los admins las cambian",
        "Problems here and how to solve them": "Problemas aquí y cómo resolverlos",
        "Delete your questions; admins: the data of this channel or server": "Borrar tus preguntas; admins: los datos del canal o servidor",
        "Where things stand here and what to do next": "Cómo está este canal y qué hacer ahora",
        "Which words in its threads the bot answers here": "Qué palabras de sus hilos responde el bot aquí",
        "What I can do, with examples": "Qué sé hacer, con ejemplos",
    },
}


class CommandTranslator(app_commands.Translator):
    """Gives Discord the words of the tables above."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return ``string`` in ``locale``; None leaves the English one."""
        language = _LOCALES.get(locale)
        if language is None:
            return None
        described = context.location in {
            _NAMES.command_description,
            _NAMES.group_description,
            _NAMES.parameter_description,
        }
        return (DESCRIPTIONS if described else NAMES)[language].get(string.message)
